package io.banyanmq.topic.planted;

import io.banyanmq.architecture.planted.shell.FrameHelper;

/// Planted: a topic that knows a shell.
record TopicThatKnowsMore(FrameHelper shell) {}
