namespace StarKV.Budget;

/// <summary>How many rows one layer keeps.</summary>
/// <param name="Window">Window tokens W: the last of the prompt, all kept; they score the others.</param>
/// <param name="Past">Past tokens k kept by score.</param>
public readonly record struct KeepPlan(int Window, int Past)
{
    /// <summary>Rows kept, W + k.</summary>
    public int Rows => Window + Past;

    /// <summary>The plan of a budget that every layer shares; null when the whole prompt fits.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="window">The method's window length.</param>
    /// <param name="length">Prompt length L.</param>
    public static KeepPlan? Of(KvBudget budget, int window, int length) => OfRows(budget.Capacity(length), window, length);

    /// <summary>The plan of a layer that keeps a number of rows; null when the whole prompt fits.</summary>
    /// <remarks>
    /// A window that fills the capacity shrinks to C − 2, so that something of the past is kept (the released programs' rule).
    /// </remarks>
    public static KeepPlan? OfRows(int rows, int window, int length)
    {
        if (rows >= length)
            return null;
        if (rows <= window)
            window = Math.Max(1, rows - 2);
        return new KeepPlan(window, Math.Max(1, rows - window));
    }
}
