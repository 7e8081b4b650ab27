import { runTool, tools } from "./tools.ts";

const [command = "", ...args] = process.argv.slice(2);
const tool = tools[command];
if (!tool) throw new Error(`There is no tool for "${command}": ${Object.keys(tools).join(", ")}.`);
runTool(tool, args);
