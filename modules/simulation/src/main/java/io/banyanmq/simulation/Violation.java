package io.banyanmq.simulation;

/// A promise was broken.
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String promise;

    Violation(String promise, String how) {
        super(promise + ": " + how);
        this.promise = promise;
    }

    String promise() {
        return promise;
    }
}
