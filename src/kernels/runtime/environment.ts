/** The environment variable `name`, or `fallback` where it is not set or empty. */
export function setting(name: string, fallback: string, env: NodeJS.ProcessEnv = process.env): string {
  const value = env[name];
  return value === undefined || value === '' ? fallback : value;
}
