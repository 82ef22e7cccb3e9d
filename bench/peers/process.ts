import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Question } from './messages.js';
import type { Library } from './peer.js';

/** What the last lines of a process's standard error may take of a message. */
const TAIL = 300;

/** A library in a process of its own. */
export class LibraryProcess {
  private stderr = '';

  private constructor(
    readonly library: Library,
    private readonly child: ChildProcess,
  ) {
    child.stderr!.on('data', (text: Buffer) => (this.stderr = (this.stderr + text.toString()).slice(-TAIL)));
  }

  /** @throws Error if the library cannot be loaded, or finds no device */
  static async start(library: Library): Promise<LibraryProcess> {
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [library], {
      execArgv: ['--import=tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const started = new LibraryProcess(library, child);
    await started.answer();
    return started;
  }

  async ask(question: Question): Promise<Answer> {
    const answer = this.answer();
    this.child.send(question);
    return answer;
  }

  /** Ends the process. */
  stop(): void {
    this.child.disconnect();
  }

  private answer(): Promise<Answer> {
    const { child, library } = this;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        child.off('message', onMessage).off('exit', onExit);
        act();
      };
      const onMessage = (answer: Answer): void => {
        settle(() => {
          if (answer.answer === 'failed') reject(new Error(`${library}: ${answer.message}`));
          else resolve(answer);
        });
      };
      const onExit = (code: number | null, signal: string | null): void => {
        settle(() => {
          reject(new Error(`${library}: its process ended with ${signal ?? code}: ${this.stderr.trim()}`));
        });
      };
      child.on('message', onMessage).on('exit', onExit);
    });
  }
}
