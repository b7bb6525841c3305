import { shapeFailure } from '../../http/failures.ts';
import { isRecord } from '../mapped.ts';
import { idText } from '../../wire/wire-value.ts';

/**
 * The rows, or ExchangeFailure when one of them belongs to another account: a key of a main account can reach those of its
 * sub-accounts, and a position of theirs is neither counted nor closed here. `own`: the sub-account that the key is for. Rows of the
 * main account name none, or 0.
 */
export function refuseForeign(
  rows: readonly unknown[],
  own: string | undefined,
  what: string,
): readonly unknown[] {
  for (const row of rows) {
    const value = isRecord(row) ? row['subAccountId'] : undefined;
    if (value === undefined || value === null || value === '') continue;
    const id = idText(value) ?? 'that cannot be read';
    if (id === '0' || id === own) continue;
    throw shapeFailure(
      `${what}: a row belongs to sub-account ${id}, and Vigil watches the account of its API key alone. If ${id} is the number of that account, set BITUNIX_SUB_ACCOUNT=${id} and start Vigil again; if not, give it a key that reaches no other account`,
    );
  }
  return rows;
}
