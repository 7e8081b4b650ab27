import { Session } from "chdb";
import { exposures } from "../events/src/schema/0001-exposures.ts";
const A = ["--max_server_memory_usage=2000000000", "--mark_cache_size=67108864"];
const s = new Session("/tmp/emb/p1", { connectionArgs: A });
await s.queryAsync(exposures.statements[0]!);
await s.queryAsync(exposures.statements[0]!.replace("exposures","nofsync").replace(/SETTINGS.*$/s,""));
await s.queryAsync(exposures.statements[0]!.replace("exposures","nopart").replace(/PARTITION BY.*\n/,""));
await s.queryAsync(exposures.statements[0]!.replace("exposures","nomap").replace(/attributes.*\n/,"attributes String,\n"));
await s.queryAsync(exposures.statements[0]!.replace("exposures","nolc").replaceAll(/LowCardinality\(String\)/g,"String"));
await s.queryAsync(exposures.statements[0]!.replace("exposures","plain").replace("ReplacingMergeTree","MergeTree"));
let seq=0; const id = () => `0b8f8a3e-1c2d-4e5f-8a9b-${(++seq).toString(16).padStart(12,"0")}`;
for (const size of [500, 1000, 10000]) {
  const mk=(attr:any)=> Buffer.from(Array.from({length:size},(_,i)=>JSON.stringify({project:"p",environment:"e",experiment:"x",by:"b",unit:"u"+i,at:"2026-11-02 10:00:00.000",id:id(),variant:"on",flag:"f",version:1,attributes:attr,received:"2026-11-02 10:00:00.000"})).join("\n"));
  const bodies = Array.from({length: Math.max(5, 50000/size)}, ()=>mk({})); const bodiesS = bodies.map(()=>mk("{}"));
  for (const table of ["exposures","nofsync","nopart","nomap","nolc","plain"]) { const bs = table==="nomap"?bodiesS:bodies; const t=performance.now(); for (const values of bs) await s.insert({table, values, format:"JSONEachRow"}); const dt=performance.now()-t; console.log(size, table, "ms/insert", (dt/bs.length).toFixed(1), "rows/s", Math.round(size*bs.length/dt*1000)); }
  { const t=performance.now(); for (const values of bodies) { const x=new Session("/tmp/emb/p1"); await x.queryAsync("SET async_insert='0'; USE default"); await x.insert({table:"exposures", values, format:"JSONEachRow"}); x.close(); } console.log(size,"own session + prelude", ((performance.now()-t)/bodies.length).toFixed(1)); }
}
console.log((await s.queryAsync("SELECT table, part_type, count(), avg(rows) FROM system.parts WHERE active GROUP BY ALL",{format:"TSV"})).text());
console.log((await s.queryAsync("SELECT name, value FROM system.settings WHERE name like '%async_insert%' or name like 'max_insert_threads' or name='max_threads' or name like '%parallel_parsing%'",{format:"TSV"})).text());
process.exit();
