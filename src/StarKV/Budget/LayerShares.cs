namespace StarKV.Budget;

/// <summary>Whole rows for layers that share a total.</summary>
internal static class LayerShares
{
    /// <summary>
    /// Clamps each layer to [<see cref="KvBudget.MinTokens"/>,
    /// <paramref name="length"/>], then trims the largest layers until the sum is at most
    /// <paramref name="total"/>.
    /// </summary>
    public static int[] WithinTotal(int[] rows, int total, int length)
    {
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Math.Clamp(rows[i], KvBudget.MinTokens, length);
        return TrimLargest(rows, rows.Sum() - total, KvBudget.MinTokens);
    }

    /// <summary>Takes <paramref name="excess"/> rows off the largest layers, one by one, down to <paramref name="min"/>.</summary>
    public static int[] TrimLargest(int[] rows, int excess, int min)
    {
        for (; excess > 0 && rows.Max() > min; excess--)
            rows[Array.IndexOf(rows, rows.Max())]--;
        return rows;
    }

    /// <summary>Gives <paramref name="missing"/> rows to the smallest layers, one by one, up to <paramref name="max"/>.</summary>
    public static int[] FillSmallest(int[] rows, int missing, int max)
    {
        for (; missing > 0 && rows.Min() < max; missing--)
            rows[Array.IndexOf(rows, rows.Min())]++;
        return rows;
    }
}
