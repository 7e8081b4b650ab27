import type { Metadata } from "next";
import { AuditList } from "../../../../audit/audit-list.tsx";

export const metadata: Metadata = { title: "Audit" };

export default function Audit() {
  return <AuditList />;
}
