namespace StarKV.Evaluation.Benchmarks;

/// <summary>Whose rules put the question, read the answer and score it. Results of different profiles are never compared.</summary>
public enum Profile
{
    /// <summary>Corrected rules: nothing stale, nothing dropped, unreadable answers counted apart, texts that may be shipped.</summary>
    Strict,

    /// <summary>The released evaluation programs of GUI-KV (arXiv 2510.00536), oddities included.</summary>
    GuiKv,

    /// <summary>Those of STaR-KV (arXiv 2606.01790).</summary>
    StarKv,

    /// <summary>The scorer of the benchmark's own authors.</summary>
    Official,
}
