/** Why a request was refused: a status and a text for whoever reads the log of the caller. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 503,
    message: string,
  ) {
    super(message);
  }
}
