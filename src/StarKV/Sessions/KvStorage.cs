namespace StarKV.Sessions;

/// <summary>Where a session's rows are that its compressed cache does not hold.</summary>
public enum KvStorage
{
    /// <summary>
    /// All rows are kept in the host's memory. Each step's new tokens attend to every one of them, and the cache that the answer is written
    /// on
    /// is chosen anew from all: a step keeps and answers what reading the whole conversation again would. Nothing stays on the device
    /// between
    /// steps. The default.
    /// </summary>
    Lossless,

    /// <summary>
    /// All rows are kept in the host's memory, and the cache is chosen anew from all of them, but a step's new tokens attend to the cache
    /// alone, and the answers' rows stay as they were written.
    /// </summary>
    Store,

    /// <summary>Rows that a step drops are gone. Nothing is kept in the host's memory.</summary>
    Evict,
}
