import { backend } from "../../../../backend.ts";
import { withoutBasePath } from "../../../../requests.ts";

const answer = (request: Request): Promise<Response> => backend().trpc(withoutBasePath(request));

export { answer as GET, answer as POST };
