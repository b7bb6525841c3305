import { describe, expect, it } from 'vitest';
import { equityOf } from '../../src/domain/account.ts';
import { qty, toText } from '../../src/domain/money/money.ts';
import { toAccount } from '../../src/exchange/bitunix/map-account.ts';
import { toClosedPosition, toPosition } from '../../src/exchange/bitunix/map-position.ts';
import { toProtection, toProtectionEnd } from '../../src/exchange/bitunix/map-protection.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import { ACCOUNT_ROW, CLOSED_ROW, POSITION_ROW, PROTECTION_ROW } from './support/rows.ts';

const none = (): void => undefined;

function value<T>(mapped: Mapped<T>): T {
  if ('problem' in mapped) throw new Error(mapped.problem);
  return mapped.value;
}
const position = (change: object = {}) => value(toPosition({ ...POSITION_ROW, ...change }, none));

describe('account', () => {
  it('adds both unrealised profits and counts transfer and bonus never again', () => {
    const account = value(toAccount({ ...ACCOUNT_ROW, bonus: '50' }, 5, none));
    expect(toText(account.unrealisedPnl)).toBe('-2.6172');
    expect(toText(equityOf(account))).toBe('997.3827');
    expect(account.positionMode).toBe('hedge');
  });

  it('keeps a negative free balance', () => {
    expect(
      toText(value(toAccount({ ...ACCOUNT_ROW, available: '-187.07' }, 5, none)).available),
    ).toBe('-187.07');
  });

  it('says which field is wrong instead of making a figure up', () => {
    expect(toAccount({ ...ACCOUNT_ROW, margin: null }, 5, none)).toEqual({
      problem: 'margin is null, not a decimal',
    });
  });

  it('is read although its position mode is a word that nobody knows, which is reported', () => {
    const words: string[] = [];
    const account = value(
      toAccount({ ...ACCOUNT_ROW, positionMode: 'BOTH' }, 5, (field, word) =>
        words.push(`${field}=${word}`),
      ),
    );
    expect(account.positionMode).toBe('unknown');
    expect(words).toEqual(['positionMode=BOTH']);
  });
});

describe('position', () => {
  it.each([
    ['BUY', 'long'],
    ['LONG', 'long'],
    ['Long', 'long'],
    ['SELL', 'short'],
    ['SHORT', 'short'],
  ])('reads side %s as %s', (side, expected) => {
    expect(position({ side }).position.side).toBe(expected);
  });

  it('takes the size without the sign that a short may carry, so that it is not left out as empty', () => {
    expect(position({ side: 'SELL', qty: '-0.5' })).toMatchObject({
      position: { side: 'short', qty: qty('0.5') },
    });
  });

  it('refuses an unknown side loudly', () => {
    const mapped = toPosition({ ...POSITION_ROW, side: 'BOTH' }, none);
    expect(mapped).toEqual({
      problem: 'position 6812345678901234567 has the unknown side "BOTH": it is not guessed',
    });
  });

  it('keeps the id as text and takes the fee as a cost whatever its sign', () => {
    const { position: mapped } = position();
    expect(mapped.id).toBe('6812345678901234567');
    expect(toText(mapped.fees)).toBe('0.93');
    expect(toText(position({ fee: '0.93' }).position.fees)).toBe('0.93');
    expect(toText(mapped.funding)).toBe('-0.1201');
  });

  it.each([
    { realizedPNL: '-1.0501', basis: 'net', gross: '0' },
    { realizedPNL: '0', basis: 'gross', gross: '0' },
    { realizedPNL: '8.9499', basis: 'net, assumed', gross: '10' },
  ])('reads realizedPNL $realizedPNL as $basis', ({ realizedPNL, basis, gross }) => {
    const mapped = position({ realizedPNL });
    expect(mapped.basis).toBe(basis);
    expect(toText(mapped.position.realisedGross)).toBe(gross);
  });

  it('is read as earlier rows of the same position were, once a partial close hides it', () => {
    const id = POSITION_ROW.positionId;
    const row = { ...POSITION_ROW, realizedPNL: '8.9499' };
    const gross = value(toPosition(row, none, new Map([[id, 'gross']])));
    expect([gross.basis, toText(gross.position.realisedGross)]).toEqual(['gross', '8.9499']);
    expect(gross.position.basisAssumed).toBeUndefined();
    const other = value(toPosition(row, none, new Map([['another', 'gross']])));
    expect(other.position.basisAssumed).toBe(true);
  });

  it.each(['0', '-12', '0.0', null, ''])('has no liquidation price for %o', (liqPrice) => {
    expect(position({ liqPrice }).position.liquidationPrice).toBeUndefined();
  });

  it('reports an unknown margin mode and takes it as cross', () => {
    const words: string[] = [];
    const mapped = value(
      toPosition({ ...POSITION_ROW, marginMode: 'SHARED' }, (field, word) =>
        words.push(`${field}=${word}`),
      ),
    );
    expect(mapped.position.marginMode).toBe('cross');
    expect(words).toEqual(['marginMode=SHARED']);
    expect(position({ marginMode: 'ISOLATION' }).position.marginMode).toBe('isolated');
  });

  it('reads numbers where text is documented and the other way round', () => {
    const mapped = position({
      leverage: '10',
      qty: 0.5,
      avgOpenPrice: 3100,
      ctime: 1_767_200_000_000,
    });
    expect(mapped.position.leverage).toBe(10);
    expect(toText(mapped.position.qty)).toBe('0.5');
    expect(mapped.position.openedAt).toBe(1_767_200_000_000);
  });
});

describe('closed position', () => {
  const closed = (change: object = {}) => value(toClosedPosition({ ...CLOSED_ROW, ...change }));

  it('reads a net row: gross from prices, net once', () => {
    const { position: mapped, basis } = closed();
    expect(basis).toBe('net');
    expect(toText(mapped.gross)).toBe('10.2');
    expect(toText(mapped.net)).toBe('8.2138');
  });

  it('reads a gross row: fee and funding are taken off once', () => {
    const { position: mapped, basis } = closed({ realizedPNL: '10.2' });
    expect(basis).toBe('gross');
    expect(toText(mapped.gross)).toBe('10.2');
    expect(toText(mapped.net)).toBe('8.2138');
  });

  it.each([
    // Price profit 10.2, costs 1.9862 together: net 8.2138. A quarter of the costs is 0.49655.
    { realizedPNL: '8.71035', basis: 'net' },
    { realizedPNL: '8.71036', basis: 'net, assumed' },
    { realizedPNL: '9.70345', basis: 'gross' },
    { realizedPNL: '9.70344', basis: 'net, assumed' },
    { realizedPNL: '-155', basis: 'net, assumed' },
  ])('takes $realizedPNL as $basis, and says so when it is assumed', ({ realizedPNL, basis }) => {
    const mapped = closed({ realizedPNL });
    expect(mapped.basis).toBe(basis);
    expect(mapped.position.basisAssumed).toBe(basis === 'net, assumed' ? true : undefined);
  });

  it('of one that was added to after a part was closed is not gross by chance', () => {
    // 0.756 were closed in all, at most 0.617 were open: the prices tell 9.046 where 11.084 were earned.
    const row = {
      maxQty: '0.617',
      entryPrice: '3340.789802',
      closePrice: '3355.451138',
      fee: '2.37891368',
      funding: '-0.10697259',
      realizedPNL: '8.59808373',
    };
    expect(closed(row)).toMatchObject({ basis: 'net, assumed', position: { basisAssumed: true } });
    expect(toText(closed(row).position.net)).toBe('8.59808373');
    const prior = new Map([[CLOSED_ROW.positionId, 'gross' as const]]);
    expect(value(toClosedPosition({ ...CLOSED_ROW, ...row }, prior)).basis).toBe('gross');
  });

  it.each([
    // Price profit 11.23023, costs 2: two units of the last digits on 0.5, and 0.0001.
    { realizedPNL: '11.23034', basis: 'gross' },
    { realizedPNL: '11.23035', basis: 'net, assumed' },
    { realizedPNL: '11.23012', basis: 'gross' },
    { realizedPNL: '11.23011', basis: 'net, assumed' },
  ])('takes $realizedPNL as $basis as far as its prices are rounded', ({ realizedPNL, basis }) => {
    const prices = { entryPrice: '3100.00001', closePrice: '3122.46047' };
    expect(closed({ ...prices, fee: '2', funding: '0', realizedPNL }).basis).toBe(basis);
  });

  it('without costs has nothing to decide', () => {
    const mapped = closed({ realizedPNL: '99', fee: '0', funding: '0' });
    expect([mapped.basis, toText(mapped.position.net)]).toEqual(['net', '99']);
  });

  it('reads shorts and liquidations', () => {
    const { position: mapped } = closed({ side: 'SELL', realizedPNL: '-12.1862', liqQty: '-3.2' });
    expect(mapped.side).toBe('short');
    expect(toText(mapped.gross)).toBe('-10.2');
    expect(mapped.liquidated).toBe(true);
    expect(closed().position.liquidated).toBe(false);
  });
});

describe('how a stop ended', () => {
  it.each([
    ['FILLED', 'filled'],
    ['CANCELED', 'cancelled'],
    ['SYSTEM_CANCELED', 'cancelled by the exchange'],
    ['Failed_', 'failed'],
    ['PENDING_CANCEL', 'unknown'],
  ])('%s is %s', (status, expected) => {
    expect(value(toProtectionEnd({ ...PROTECTION_ROW, status }, none))).toBe(expected);
  });
});

describe('stops and targets', () => {
  it('take the key `id`, and no quantity as the whole position', () => {
    const own = value(toProtection({ ...PROTECTION_ROW, slQty: null }, none));
    expect(own.id).toBe('7100000000000000001');
    expect(own.stopQty).toBeUndefined();
    expect(own.targetPrice).toBeUndefined();
    expect(value(toProtection(PROTECTION_ROW, none)).stopQty).toBe(qty('0.5'));
  });

  it.each(['0', '', '0.00', null])('of size %o cover the whole position', (slQty) => {
    expect(value(toProtection({ ...PROTECTION_ROW, slQty }, none)).stopQty).toBeUndefined();
  });

  it.each(['all', '-1', {}, '1,5'])('of the size %o are no stop for everything', (slQty) => {
    expect(toProtection({ ...PROTECTION_ROW, slQty }, none)).toHaveProperty('problem');
  });

  it('report what they are reached by when nobody knows the word', () => {
    const words: string[] = [];
    const report = (field: string, word: string): number => words.push(`${field}=${word}`);
    for (const slStopType of ['MARK_PRICE', 'Mark', 'LAST', 'last_price', 'INDEX_PRICE']) {
      toProtection({ ...PROTECTION_ROW, slStopType }, report);
    }
    expect(words).toEqual(['stop type=INDEX_PRICE']);
  });
});
