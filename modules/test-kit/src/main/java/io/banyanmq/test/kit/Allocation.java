package io.banyanmq.test.kit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// What a thread allocates on the heap.
public final class Allocation {
    private Allocation() {}

    /// Bytes the calling thread has allocated since it started.
    public static long bytesOfThisThread() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
