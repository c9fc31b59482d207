/** Many who ask for the same kind of thing at once are answered together. */
import DataLoader from "dataloader";

/**
 * Answers a call at once when nothing is under way; those that come meanwhile are answered together by the next call of
 * `answer`, at most `atOnce` at a time, in their order. An Error among the answers is told to its caller alone; a fault
 * of `answer` itself to all of them.
 */
export function gatherCalls<Call, Answer>(
  answer: (calls: readonly Call[]) => Promise<readonly (Answer | Error)[]>,
  atOnce: number,
): (call: Call) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<Call, Answer>((calls) => {
    const answers = answer(calls);
    // Its callers are told of a fault; those who wait begin anew.
    last = answers.catch(() => null);
    return answers;
  }, {
    cache: false,
    maxBatchSize: atOnce,
    batchScheduleFn: (dispatch) => void last.then(dispatch),
  });
  return (call) => loader.load(call);
}
