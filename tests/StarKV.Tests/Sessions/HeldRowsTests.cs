using StarKV.Sessions;

namespace StarKV.Tests.Sessions;

public sealed class HeldRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(200)]
    public void Lists_of_tokens_are_read_as_they_were_written(int tokens)
    {
        var random = new Random(tokens);
        for (var rows = 1; rows <= Math.Min(tokens, 20); rows++)
        {
            var lists = new long[3, rows];
            for (var list = 0; list < 3; list++)
            {
                var chosen = Enumerable.Range(0, tokens).OrderBy(_ => random.Next()).Take(rows).Order().ToArray();
                for (var row = 0; row < rows; row++)
                    lists[list, row] = chosen[row];
            }

            var bits = HeldRows.Write(lists, tokens);
            Assert.Equal(3 * HeldRows.Bytes(tokens), bits.Length);
            Assert.Equal(lists.Cast<long>(), HeldRows.Read(bits, 3, rows, tokens));
        }
    }

    [Theory]
    [InlineData(0b0000_0111, 0, 2)]
    [InlineData(0b0000_0111, 0, 4)]
    [InlineData(0b0000_0011, 0b0000_0100, 3)]
    public void Another_number_of_rows_and_tokens_that_are_not_there_are_refused(byte first, byte second, int rows) =>
        Assert.Throws<StarKvException>(() => HeldRows.Read([first, second], 1, rows, 10));
}
