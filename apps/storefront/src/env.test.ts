import { describe, expect, it } from "vitest";
import { readEnv } from "./env.ts";

describe("readEnv", () => {
  it("fills in the defaults", () => {
    expect(readEnv({ CLIENT_KEY: "ttc_x" })).toEqual({
      edgeUrl: "http://localhost:4401",
      internalEdgeUrl: "http://localhost:4401",
      dashboardUrl: "http://localhost:4400",
      clientKey: "ttc_x",
    });
  });

  it("names everything that is wrong", () => {
    const answer = readEnv({ CLIENT_KEY: "", EDGE_URL: "localhost:4401", DASHBOARD_URL: "ftp://x" });
    const sentence = "sentence" in answer ? answer.sentence : "";
    for (const part of ["CLIENT_KEY is not set", "EDGE_URL must be", "DASHBOARD_URL must be"]) {
      expect(sentence).toContain(part);
    }
  });
});
