export const guardrailErrors = [];
