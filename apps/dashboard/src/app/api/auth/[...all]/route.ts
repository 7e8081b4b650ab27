import { backend } from "../../../../backend.ts";

const answer = (request: Request): Promise<Response> => backend().auth(request);

export { answer as GET, answer as POST };
