// The agent of Midscene with a device that shows the screens in turn. MODES: act (model family vlm-ui-tars, plans and
// acts again and again), locate (model family qwen2.5-vl, one element a call).
import os from 'node:os';
import fs from 'node:fs';
import path from 'node:path';
import { describe, main, pngSize, screen } from './lib.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'midscene-'));
process.env.MIDSCENE_RUN_DIR = folder;
process.env.MIDSCENE_CACHE = '0';

export async function drive(o, emit, { modes = (process.env.MODES ?? 'act,locate').split(','), config = {} } = {}) {
  const { Agent } = await import('@midscene/core');
  const { AbstractInterface, defineActionTap, defineActionInput, defineActionScroll } = await import('@midscene/core/device');
  for (const mode of modes) {
    let [shot, step, good] = [0, 0, 0];
    class FakeDevice extends AbstractInterface {
      interfaceType = 'fake';
      async screenshotBase64() { return `data:image/png;base64,${screen(o, shot).toString('base64')}`; }
      async size() { const [width, height] = pngSize(screen(o, shot)); return { width, height }; }
      actionSpace() { return [defineActionTap(async () => { shot++; }), defineActionInput(async () => { shot++; }), defineActionScroll(async () => { shot++; })].flat(); }
      async destroy() {}
    }
    // What the client was given, seen between it and the openai client that it brings along.
    const watch = async openai => {
      const create = openai.chat.completions.create.bind(openai.chat.completions);
      openai.chat.completions.create = (...a) => {
        const begin = Date.now();
        const promise = create(...a);
        Promise.resolve(promise).then(r => emit({ step: step++, mode, ok: Boolean(r?.choices?.[0]?.message?.content) && ++good > 0, ms: Date.now() - begin, text: r?.choices?.[0]?.message?.content, finish: r?.choices?.[0]?.finish_reason, usage: r?.usage, id: r?.id }), e => emit({ step: step++, mode, ok: false, ms: Date.now() - begin, error: describe(e) }));
        return promise;
      };
      return openai;
    };
    const agent = new Agent(new FakeDevice(), {
      generateReport: false, autoPrintReportMsg: false, replanningCycleLimit: o.steps, createOpenAIClient: watch, waitAfterAction: 0,
      modelConfig: {
        MIDSCENE_MODEL_NAME: o.model, MIDSCENE_MODEL_API_KEY: o.apiKey, MIDSCENE_MODEL_BASE_URL: o.baseUrl, MIDSCENE_MODEL_FAMILY: mode === 'act' ? 'vlm-ui-tars' : 'qwen2.5-vl', ...config,
      },
    });
    try {
      if (mode === 'act') await agent.aiAct(o.instruction);
      else for (let i = 0; i < o.steps; i++) { await agent.aiLocate(`the button "${i}"`); shot++; }
    } catch (e) {
      if (!/replann/i.test(String(e.message)) || good === 0) emit({ step: step++, mode, ok: good >= o.steps, note: 'the agent ended', error: describe(e) });
    }
  }
  fs.rmSync(folder, { recursive: true, force: true });
}
await main(import.meta, 'midscene', drive);
