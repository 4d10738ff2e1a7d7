// node turns.ts ROUNDS MIB [only]
import { mkdtempSync, rmSync } from 'node:fs'
import { readFileSync } from 'node:fs'
import { hashedMibPerSecond, writtenMibPerSecond } from './bench/serving/floors.ts'
import { sendLarge, mibPerSecond } from './bench/serving/upload.ts'
import { uploadInParts } from './bench/serving/s3-work.ts'
import { createS3Store, requireBucket } from './bench/serving/s3-store.ts'
import { Agent, get as httpGet } from 'node:http'
const [roundsText='3', mibText='256', only=''] = process.argv.slice(2)
const rounds=Number(roundsText), MIB=1024*1024, bytes=Number(mibText)*MIB
const KEYS={accessKeyId:'HPBENCHMARKKEYPAIR23', secretAccessKey:'benchmark/secret+0123456789abcdefghijklm'}
const ROOTS={base:'/tmp/hs3/base', now:'/work/wt/h-s3'}
type S={name:string, pid:number, store:ReturnType<typeof createS3Store>, stop():Promise<unknown>}
const servers:S[]=[]
const dirs:string[]=[]
for (const [name,root] of Object.entries(ROOTS)) for (const workers of (only.includes('one')?[1]:[1,2])) {
  const { startServerProcess } = await import(root+'/conformance/crash/server-process.ts')
  const dir=mkdtempSync('/tmp/hs3/data-'); dirs.push(dir)
  const s=await startServerProcess({dataDir:dir,...KEYS,workers,env:{HALLPASS_ADMIN_KEY:'hp_benchmark0123456789abcdefghijklmnopq'}})
  const store=createS3Store(s.origin,KEYS); await requireBucket(store)
  servers.push({name:name+' '+workers,pid:s.pid,store,stop:()=>s.stop()})
}
const cpu=(pid:number)=>{const f=readFileSync(`/proc/${pid}/stat`,'utf8').split(') ')[1]!.split(' ');return (Number(f[11])+Number(f[12]))/100}
const rss=(pid:number)=>Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`,'utf8'))![1])/1024)
const agent=new Agent({keepAlive:true,maxSockets:1})
const getSmall=(url:string)=>new Promise<number>((ok,no)=>{const t=performance.now();httpGet(url,{agent},(a)=>{a.resume();a.on('end',()=>ok(performance.now()-t))}).on('error',no)})
const rows=new Map<string,number[]>()
const add=(k:string,v:number)=>{rows.set(k,[...(rows.get(k)??[]),v])}
const q=(v:number[],p:number)=>{const s=v.toSorted((a,b)=>a-b);return s[Math.min(s.length-1,Math.floor(s.length*p))]!}
const waits=new Map<string,number[]>()
for (const s of servers) await s.store.send({method:'PUT',key:'small'},Buffer.alloc(1024,1))
for (let r=0;r<rounds;r++) {
  const floor=hashedMibPerSecond(bytes); add('floor MiB/s',floor)
  for (const s of (r%2?servers.toReversed():servers)) {
    const url=s.store.presign({method:'PUT',key:'large'}), small=s.store.presign({method:'GET',key:'small'})
    const c0=cpu(s.pid)
    add(s.name+' PUT by floor', await mibPerSecond(bytes,()=>sendLarge(url,bytes))/floor)
    if (s.name.endsWith('1')) add(s.name+' PUT cpu s per GiB',(cpu(s.pid)-c0)/bytes*1024*MIB)
    add(s.name+' 8 parts by floor', await uploadInParts(s.store,{bytes,name:'x',method:'PUT',objects:1} as never)/floor)
    if (s.name.endsWith('1')) {
      // small GETs while a large PUT runs
      let on=true; const w=waits.get(s.name)??[]; waits.set(s.name,w)
      const put=sendLarge(url,bytes).finally(()=>{on=false})
      while (on) w.push(await getSmall(small))
      await put
      // PUTs of middling sizes, one after another: ms each
      for (const kib of [1,64,256,512,1024,2048,4096,8192]) { const n=kib>1000?6:20; const b=Buffer.alloc(kib*1024,7); const t=performance.now(); for(let i=0;i<n;i++) await s.store.send({method:'PUT',key:`m${kib}-${i}`},b); add(`${s.name} PUT ${kib} KiB ms`,(performance.now()-t)/n) }
    }
  }
}
for (const [k,v] of [...rows].toSorted()) console.log(k.padEnd(32), 'median', q(v,0.5).toFixed(3), ' ', v.map(x=>x.toFixed(3)).join(' '))
for (const [k,v] of waits) console.log(k,'small GET while PUT: n',v.length,'p50',q(v,.5).toFixed(2),'p99',q(v,.99).toFixed(2),'max',q(v,1).toFixed(2))
for (const s of servers) console.log(s.name,'rss MiB',rss(s.pid))
for (const s of servers) await s.stop(); for (const d of dirs) rmSync(d,{recursive:true,force:true}); agent.destroy()
