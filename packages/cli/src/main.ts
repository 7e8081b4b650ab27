#!/usr/bin/env node
import { runTelltale } from "./command.ts";
import { readEnv } from "./env.ts";

const { code, message } = await runTelltale(process.argv.slice(2), readEnv());
(code === 0 ? process.stdout : process.stderr).write(`${message}\n`);
process.exitCode = code;
