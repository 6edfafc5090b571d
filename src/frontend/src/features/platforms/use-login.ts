/** One login from its first request to its end, as the platform's record tells it. */
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ConnectFlow, PlatformRecord, Words } from '@/lib/records';
import { hasOwnAccount, isLinked } from '@/lib/rights';
import type { Permission } from '@/protocol/schema.gen';
import { isSignedOut } from './standing';
import { useCancel, useConnect, type AccountRole } from './use-platform-action';

/** Which login is wanted: whose, and what else it shall allow. */
export interface LoginWish {
  readonly account: AccountRole;
  /** What is asked for; null for what is usual. */
  readonly permissions: readonly Permission[] | null;
}

export interface Login {
  readonly flow: ConnectFlow | undefined;
  readonly isStarting: boolean;
  readonly error: Error | null;
  readonly isDone: boolean;
  /** Why it came to nothing on the platform's side; null while it may still succeed. */
  readonly failure: Words | null;
  /** Ask for a code, or hand the answers of a form in. */
  readonly begin: (values?: Readonly<Record<string, string>>) => void;
  /** Give the present login up and begin another, maybe for other permissions. */
  readonly beginAnew: (permissions?: readonly Permission[]) => void;
  readonly cancel: () => void;
}

export function useLogin(platform: PlatformRecord, wish: LoginWish): Login {
  const { mutate: connect, ...request } = useMutation(useConnect(platform.id));
  const { mutate: cancelLogin } = useMutation(useCancel(platform.id));
  const [wanted, setWanted] = useState(wish.permissions);
  // A login beside a running connection is over when its rights are there.
  const [isFurther] = useState(() => wish.account === 'streamer' && hasOwnAccount(platform));
  const standing = wish.account === 'bot' ? platform.bot : platform;
  const state = standing?.state ?? 'disconnected';

  const said = standing?.reasons.en ?? '';

  // The answer may overtake the push that tells of the waiting login.
  const [wasPending, setWasPending] = useState(false);
  if (!wasPending && state === 'connecting') setWasPending(true);

  // A further login leaves the state alone: its end is a reason that was not there before.
  const [saidBefore, setSaidBefore] = useState(said);
  if (said === '' && saidBefore !== '') setSaidBefore('');

  const begin = (
    values?: Readonly<Record<string, string>>,
    permissions: readonly Permission[] | null = wanted,
  ) => {
    setWasPending(false);
    setSaidBefore(said);
    connect({
      ...(values ? { values } : {}),
      ...(permissions ? { permissions } : {}),
      ...(wish.account === 'bot' ? { account: wish.account } : {}),
    });
  };

  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    begin();
  });

  const flow = request.data;
  const isDone =
    flow?.flow === 'connected' ||
    (isFurther
      ? hasAll(platform, wanted ?? [])
      : wish.account === 'bot'
        ? isLinked(state)
        : hasOwnAccount(platform));
  const hasEnded =
    flow?.flow === 'device' &&
    (isFurther ? said !== '' && said !== saidBefore : wasPending && isSignedOut(state));

  return {
    flow,
    isStarting: request.isPending,
    error: request.error,
    isDone,
    failure: hasEnded && !request.isPending ? (standing?.reasons ?? NO_WORDS) : null,
    begin,
    beginAnew: (permissions = wanted ?? undefined) => {
      setWanted(permissions ?? null);
      // A code that has just expired may still be pending there: it would be handed out again.
      cancelLogin(wish.account, { onSettled: () => begin(undefined, permissions ?? null) });
    },
    cancel: () => {
      if (!isDone && flow && flow.flow !== 'token') cancelLogin(wish.account);
    },
  };
}

const NO_WORDS: Words = { en: '', ru: '' };

function hasAll({ permissions }: PlatformRecord, wanted: readonly Permission[]): boolean {
  const granted = new Set(
    permissions.flatMap(({ permission, is_granted }) => (is_granted ? [permission] : [])),
  );
  return wanted.every((permission) => granted.has(permission));
}
