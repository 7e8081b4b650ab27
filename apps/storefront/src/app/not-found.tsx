import Link from "next/link";

export default function NotFound() {
  return (
    <main className="shop">
      <h1>There is nothing at this address</h1>
      <p>
        <Link href="/">To the shop</Link>
      </p>
    </main>
  );
}
