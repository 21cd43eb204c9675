namespace StarKV.Budget;

/// <summary>Whole rows for layers that share a total.</summary>
internal static class LayerShares
{
    /// <summary>Keeps each layer's rows between the least that a layer can hold and the prompt, and all of them within the total: the largest gives way.</summary>
    public static int[] WithinTotal(int[] rows, int total, int length)
    {
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Math.Clamp(rows[i], KvBudget.MinTokens, length);
        return GiveWay(rows, rows.Sum() - total, KvBudget.MinTokens);
    }

    /// <summary>Takes <paramref name="excess"/> rows off the largest layers, one by one, down to <paramref name="least"/>.</summary>
    public static int[] GiveWay(int[] rows, int excess, int least)
    {
        for (; excess > 0 && rows.Max() is var most && most > least; excess--)
            rows[Array.IndexOf(rows, most)]--;
        return rows;
    }

    /// <summary>Gives <paramref name="missing"/> rows to the smallest layers, one by one, up to <paramref name="most"/>.</summary>
    public static int[] TakeUp(int[] rows, int missing, int most)
    {
        for (; missing > 0 && rows.Min() is var least && least < most; missing--)
            rows[Array.IndexOf(rows, least)]++;
        return rows;
    }
}
