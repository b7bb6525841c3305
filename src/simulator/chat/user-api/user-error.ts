/** A refusal for whoever holds the phone: says what is wrong and what is allowed. */
export class UserError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'UserError';
    this.status = status;
  }
}
