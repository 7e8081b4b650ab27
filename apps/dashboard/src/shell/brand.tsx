/** The mark: two ribbons on a sail. */
export function Brand() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-lg tracking-tight">
      <svg aria-hidden viewBox="0 0 32 32" className="size-6">
        <rect width="32" height="32" rx="7" fill="#2757d6" />
        <path d="M11 5v22" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
        <path
          d="M11 8c5 0 5 3.6 9 3.6s3.6-2.1 6-2.1"
          fill="none"
          stroke="#ffb27a"
          strokeWidth="2.8"
          strokeLinecap="round"
        />
        <path
          d="M11 17c4 0 4.200 3 8 3s3-1.500 5-1.500"
          fill="none"
          stroke="#fff"
          strokeWidth="2.8"
          strokeLinecap="round"
        />
      </svg>
      Telltale
    </span>
  );
}
