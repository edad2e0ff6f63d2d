package io.banyanmq.fabric.core;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The receiving half of a link: takes frame after frame, each once, over any number of connections.
///
/// Most frames need no answer but the cumulative acknowledgement. The few that do (a shared subscription found no
/// member) leave an [Answer], which is sent before the acknowledgement of its frame, again after a
/// reconnect, and kept until the sender settles it.
///
/// Not thread-safe: it belongs to one event loop at a time.
public final class LinkReceiver {
    /// What to do with an offered frame.
    public enum Verdict {
        /// It is the next one: take it, then call [LinkReceiver#took].
        TAKE,
        /// It was taken before: skip it.
        REPEAT,
        /// A frame before it is missing: close the connection.
        GAP
    }

    /// What the receiver has to say about one frame.
    @SuppressWarnings("ArrayRecordComponent") // bytes on their way; nobody compares answers
    public record Answer(long number, byte[] body) {}

    private long taken;
    private long acknowledged;
    private final ArrayDeque<Answer> answers = new ArrayDeque<>();

    public Verdict offered(long number) {
        if (number <= taken) {
            return Verdict.REPEAT;
        }
        return number == taken + 1 ? Verdict.TAKE : Verdict.GAP;
    }

    /// The frame for which [#offered] said `TAKE` was taken. A non-null `answer` is to be sent now.
    public void took(byte @Nullable [] answer) {
        taken++;
        if (answer != null) {
            answers.add(new Answer(taken, answer));
        }
    }

    /// The number of the frame taken last; 0 before the first.
    public long taken() {
        return taken;
    }

    /// Whether something was taken since [#acknowledge].
    public boolean acknowledgementDue() {
        return taken > acknowledged;
    }

    /// The number to acknowledge; it is no longer due.
    public long acknowledge() {
        acknowledged = taken;
        return taken;
    }

    /// A new connection: the sender knows that everything up to `senderKnows` was taken. Returns the answers that it
    /// may have missed, oldest first; they go out before the number to resume from.
    ///
    /// @throws LinkFaultException if the sender knows more than was taken here
    public List<Answer> resume(long senderKnows) {
        if (senderKnows > taken) {
            throw new LinkFaultException(
                    "sender believes that frame "
                            + senderKnows
                            + " was taken, but here the last one is "
                            + taken);
        }
        settled(senderKnows);
        return List.copyOf(answers);
    }

    /// The sender has had every answer up to frame `number`.
    public void settled(long number) {
        while (!answers.isEmpty() && answers.getFirst().number() <= number) {
            answers.removeFirst();
        }
    }
}
