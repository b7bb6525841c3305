import { Keyboard } from 'grammy';

/** What stands under the place to write: one tap for what is asked for most, and for the brake. Each says a word that is a command. */
export const replyKeyboard = (): Keyboard =>
  new Keyboard()
    .text('Positions')
    .text('Balance')
    .text('Risk')
    .row()
    .text('Signals')
    .text('P&L')
    .text('Menu')
    .text('Halt')
    .resized();
