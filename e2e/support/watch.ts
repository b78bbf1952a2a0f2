import { expect, type BrowserContext, type ConsoleMessage } from "@playwright/test";

/** What a browser may say although all is well: a test that asks for a missing page gets a 404. */
const harmless = [/Failed to load resource: the server responded with a status of (401|404|409|410|412|422|429)/];

/**
 * Collects what no page may do in any test: break its own security policy, throw, or write an error to the console. Pages
 * tell of violations by an event, so that ones reported without a console line count too.
 */
export class Watch {
  private readonly faults: string[] = [];

  async over(context: BrowserContext): Promise<void> {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    context.on("weberror", (error) => this.faults.push(`${error.page()?.url()}: ${error.error().stack ?? error.error().message}`));
    context.on("console", (message) => this.hear(message));
  }

  private hear(message: ConsoleMessage): void {
    if (message.type() !== "error" || harmless.some((pattern) => pattern.test(message.text()))) return;
    this.faults.push(`${message.page()?.url()}: ${message.text()}`);
  }

  /** A test that breaks something on purpose names what the console will say of it. */
  forgive(pattern: RegExp): void {
    const kept = this.faults.filter((fault) => !pattern.test(fault));
    this.faults.splice(0, this.faults.length, ...kept);
  }

  end(): void {
    expect(this.faults, "faults in the browser").toEqual([]);
  }
}
