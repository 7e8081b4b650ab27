import { redirect } from "next/navigation";

export default async function Project({ params }: { params: Promise<{ project: string }> }) {
  redirect(`/${(await params).project}/flags`);
}
