import { startClickHouse, startPostgres } from "@telltale/embedded";
import { openEventStore } from "./src/index.ts";
import { readFileSync, rmSync, mkdtempSync, readdirSync } from "node:fs";
const N = Number(process.argv[2] ?? 1_000_000);
const dir = mkdtempSync("/tmp/emb/bench-");
let t = performance.now();
let ch = await startClickHouse({ dataDirectory: dir }); console.log("chDB first start ms", Math.round(performance.now()-t));
await ch.stop(); t = performance.now(); ch = await startClickHouse({ dataDirectory: dir }); console.log("chDB restart ms", Math.round(performance.now()-t));
const store = openEventStore({ url: ch.url }); await store.migrate();
const rss = (pid:number) => (/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`,"utf8"))?.[1] ?? "0");
const hwm = (pid:number) => (/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`,"utf8"))?.[1] ?? "0");
console.log("rss idle MB", Number(rss(ch.pid))/1024);
const cpu = (pid:number) => { const f = readFileSync(`/proc/${pid}/stat`,"utf8").split(") ")[1]!.split(" "); return Number(f[11])+Number(f[12]); };
const c0 = cpu(ch.pid); await new Promise(r=>setTimeout(r,5000)); console.log("idle cpu %", (cpu(ch.pid)-c0)/5);
const scope = { project: "shop", environment: "production" };
let seq=0; const id = () => { const h=(++seq).toString(16).padStart(12,"0"); return `0b8f8a3e-1c2d-4e5f-8a9b-${h}`; };
const base = Date.UTC(2026,10,1);
const ev = (i:number) => { const u=Math.floor(Math.random()*N); const time=new Date(base+Math.floor(Math.random()*28*864e5)).toISOString(); return i%2===0 ? { type:"exposure" as const, id:id(), time, experiment:"button", flag:"button", variant: u%2?"on":"off", unit:`user-${u}`, by:"targetingKey", version:1 } : { type:"track" as const, id:id(), time, name:["purchase","visit","signup"][i%3]!, units:{targetingKey:`user-${u}`}, value: 10 } };
for (const size of [1000, 10000]) {
  const batches = Array.from({length: Math.max(1, 100000/size)}, () => Array.from({length:size}, (_,i)=>ev(i)));
  t = performance.now(); for (const b of batches) await store.append(scope, b, new Date()); console.log("store.append batch", size, "one writer rows/s", Math.round(1e5/(performance.now()-t)*1000));
  t = performance.now(); await Promise.all(Array.from({length:4}, async (_,k)=>{ for (let i=k;i<batches.length;i+=4) await store.append(scope, batches[i]!.map(e=>({...e,id:id()})), new Date()); })); console.log("   4 writers rows/s", Math.round(1e5/(performance.now()-t)*1000));
}
// raw client insert
const { createClient } = await import("@clickhouse/client"); const client = createClient({ url: ch.url });
const rows = Array.from({length:10000},(_,i)=>({project:"p",environment:"e",experiment:"x",by:"b",unit:"u"+i,at:"2026-11-02 10:00:00.000",id:id(),variant:"on",flag:"f",version:1,attributes:{},received:"2026-11-02 10:00:00.000"}));
for (const size of [1000,10000]) { t=performance.now(); let n=0; while(n<200000){ await client.insert({table:"exposures", values: rows.slice(0,size), format:"JSONEachRow"}); n+=size;} console.log("client insert", size, Math.round(n/(performance.now()-t)*1000), "rows/s (fsync)"); }
// bulk by SQL
const gen = (table:string, n:number) => table==="exposures" ? `INSERT INTO exposures SELECT 'shop','big','button','targetingKey', concat('user-', toString(number % ${N})), toDateTime64('2026-11-01 00:00:00',3,'UTC') + (cityHash64(number)%2419200), concat('0b8f8a3e-1c2d-4e5f-8a9b-', leftPad(hex(number),12,'0')), if(number % ${N} % 2 = 0,'off','on'), 'button', 1, map(), now64(3) FROM numbers(${n})` :
 `INSERT INTO tracks SELECT 'shop','big',['purchase','visit','signup'][number%3+1],'targetingKey', concat('user-', toString(cityHash64(number,1) % ${N})), toDateTime64('2026-11-01 00:00:00',3,'UTC') + (cityHash64(number,2)%2419200), concat('1b8f8a3e-1c2d-4e5f-8a9b-', leftPad(hex(number),12,'0')), 10, '{}', now64(3) FROM numbers(${n})`;
t=performance.now(); await client.command({query:gen("exposures",N)}); await client.command({query:gen("tracks",N)}); console.log("bulk", N, "ms", Math.round(performance.now()-t));
for (let k=0;k<3;k++){ t=performance.now(); const m = await store.moments({ project:"shop", environment:"big", experiment:"button", variants:["off","on"], metrics:["purchase","visit","signup"].map(x=>({key:x,eventName:x})), from:new Date(base), to:new Date(base+30*864e5), by:"targetingKey"}).catch(e=>e); console.log("moments", N, "x", N, "ms", Math.round(performance.now()-t), m.variants?.map((v:any)=>[v.variant,v.units,v.metrics.purchase.converted]) ?? m.message, "hwm MB", Number(hwm(ch.pid))/1024); }
const r = await client.query({query:"SELECT table, count() n, sum(rows) r FROM system.parts WHERE active GROUP BY table", format:"TSV"}); console.log(await r.text());
await store.close(); await client.close(); await ch.stop(); rmSync(dir,{recursive:true});
