using System.Numerics;

namespace StarKV.Sessions;

/// <summary>Which tokens a layer's rows are of, as a bit for each token: in a file it takes less than a number for each row.</summary>
internal static class HeldRows
{
    /// <summary>Bytes of one list.</summary>
    public static int Bytes(int tokens) => (tokens + 7) / 8;

    /// <summary>Writes lists of tokens, each ascending.</summary>
    /// <param name="rows">Tokens of the rows, [lists, rows].</param>
    /// <param name="tokens">Tokens of the session.</param>
    public static byte[] Write(long[,] rows, int tokens)
    {
        var bits = new byte[rows.GetLength(0) * Bytes(tokens)];
        for (var list = 0; list < rows.GetLength(0); list++)
        {
            var part = bits.AsSpan(list * Bytes(tokens), Bytes(tokens));
            for (var row = 0; row < rows.GetLength(1); row++)
            {
                var token = rows[list, row];
                if (row > 0 && token <= rows[list, row - 1])
                    throw new InvalidOperationException($"Row {row} is of token {token}, after token {rows[list, row - 1]}.");
                part[(int)(token / 8)] |= (byte)(1 << (int)(token % 8));
            }
        }

        return bits;
    }

    /// <summary>Reads lists of tokens.</summary>
    /// <param name="bits">What <see cref="Write"/> gave, or anything of that length.</param>
    /// <param name="lists">Lists.</param>
    /// <param name="rows">Tokens that each must hold.</param>
    /// <param name="tokens">Tokens of the session.</param>
    /// <returns>Tokens of the rows, list after list, ascending.</returns>
    /// <exception cref="StarKvException">A list holds another number of tokens, or some that are not there.</exception>
    public static long[] Read(ReadOnlySpan<byte> bits, int lists, int rows, int tokens)
    {
        var read = new List<long>(lists * rows);
        for (var list = 0; list < lists; list++)
        {
            var part = bits.Slice(list * Bytes(tokens), Bytes(tokens));
            var count = 0;
            foreach (var b in part)
                count += BitOperations.PopCount(b);
            if (count != rows || (tokens % 8 != 0 && part[^1] >> tokens % 8 != 0))
                throw new StarKvException($"list {list} of a layer's rows names {count} of {tokens} tokens; it must name {rows}.");
            for (var token = 0; token < tokens; token++)
            {
                if ((part[token / 8] >> token % 8 & 1) != 0)
                    read.Add(token);
            }
        }

        return [.. read];
    }
}
