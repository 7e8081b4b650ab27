/** The flags and visitors of the bench in neutral words; each subject writes them in its own format. */

const COUNTRIES = ["US", "GB", "ES", "PL", "SE", "NL", "PT", "JP", "BR", "DE"];

/** 10,000 visitors; about one in five meets one of the three rules. */
export const visitors = Array.from({ length: 10_000 }, (_, i) => ({
  id: `user-${i}`,
  country: COUNTRIES[i % 10],
  plan: i % 20 === 3 ? "enterprise" : "free",
  build: i % 20 === 7 ? 6_000 : i % 4_000,
}));

/** What everybody decides by hand: DE, FR, IT → b; enterprise → c; build ≥ 5000 → b; else a split 50/25/25. */
export const RULES = { countries: ["DE", "FR", "IT"], plan: "enterprise", build: 5_000 };

export const plainFlags = [
  { key: "on", kind: "on" },
  { key: "half", kind: "half" },
  { key: "rules", kind: "rules" },
];
export const thousandFlags = Array.from({ length: 1_000 }, (_, i) => ({ key: `flag-${i}`, kind: "rules" }));
export const flags = [...plainFlags, ...thousandFlags];

/** @throws Error when a subject answers wrongly: its time would mean nothing. */
export async function verify(name, read) {
  const share = async (key, wanted, among) => {
    let count = 0;
    for (const visitor of among) if ((await read(key, visitor, wanted === "a" ? "x" : false)) === wanted) count++;
    return count / among.length;
  };
  const wrong = (what) => {
    throw new Error(`${name} answers wrongly: ${what}`);
  };
  if ((await read("on", visitors[1], false)) !== true) wrong("on");
  const half = await share("half", true, visitors);
  if (Math.abs(half - 0.5) > 0.02) wrong(`half is on for ${half}`);
  const expected = [
    [{ ...visitors[0], country: "DE" }, "b"],
    [{ ...visitors[0], plan: "enterprise" }, "c"],
    [{ ...visitors[0], build: 5_000 }, "b"],
  ];
  for (const [visitor, value] of expected) {
    for (const key of ["rules", "flag-7"]) {
      const answer = await read(key, visitor, "x");
      if (answer !== value) wrong(`${key} for ${JSON.stringify(visitor)} is ${answer}`);
    }
  }
  const rest = visitors.filter(({ country, plan, build }) => country !== "DE" && plan === "free" && build < 5_000);
  const a = await share("rules", "a", rest);
  if (Math.abs(a - 0.5) > 0.02) wrong(`the split gives a to ${a}`);
}
