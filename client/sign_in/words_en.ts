import { plural } from "../i18n/plural.ts";

export const words = {
  signIn: {
    lead: "Cron for whole graphs of work",
    username: "User name",
    password: "Password",
    submit: "Sign in",
    busy: "Signing in",
    wrong: "User name or password is wrong.",
    limited: (seconds: number) => `Too many tries. Try again in ${plural(seconds, "second", "seconds")}.`,
    first: "First time here? The server showed the password of admin when it was first started.",
    ended: "Your session has ended. Sign in to go on where you were.",
  },
  password: {
    title: "Change your password",
    first: "Choose a password of your own",
    firstLead: "This one was made by the server. Choose your own before you go on.",
    current: "Current password",
    fresh: "New password",
    again: "New password again",
    hint: "At least 8 characters. A sentence is easier to remember than a riddle.",
    differs: "The two do not match",
    short: "At least 8 characters",
    submit: "Change password",
    done: "Password changed. All other sessions have ended.",
  },
  again: {
    title: "Your sign-in has ended",
    lead: (name: string) => `Sign in again as ${name} to go on. What you have typed is still here.`,
    other: "Sign in as somebody else",
  },
};
