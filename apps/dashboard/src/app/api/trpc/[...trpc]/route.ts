import { backend } from "../../../../backend.ts";

const answer = (request: Request): Promise<Response> => backend().trpc(request);

export { answer as GET, answer as POST };
