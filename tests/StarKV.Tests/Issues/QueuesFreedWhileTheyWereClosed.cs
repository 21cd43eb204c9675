using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StarKV.Runtime;

namespace StarKV.Tests.Issues;

/// <summary>
/// An agent's thread that had ended freed its queue while the one who ended it was still closing the queue: an answer that was there ended in
/// an internal error. Found by a test of few descriptors on a busy machine.
/// </summary>
public sealed class QueuesFreedWhileTheyWereClosed
{
    [Fact]
    public void A_queue_stays_while_somebody_closes_it()
    {
        var thread = new InferenceThread("short");
        Assert.Equal(1, thread.Run(() => 1));
        var queue = Queue(thread);
        // Whoever ends the thread closes the queue with the gate held, and may be held up right after.
        lock (Gate(thread))
        {
            queue.CompleteAdding();
            Assert.False(Thread(thread).Join(500));
            Assert.Empty(queue);
        }

        Thread(thread).Join();
        Assert.Throws<ObjectDisposedException>(() => queue.Count);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_queue")]
    private static extern ref BlockingCollection<QueuedWork> Queue(InferenceThread thread);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_gate")]
    private static extern ref Lock Gate(InferenceThread thread);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_thread")]
    private static extern ref Thread Thread(InferenceThread thread);
}
