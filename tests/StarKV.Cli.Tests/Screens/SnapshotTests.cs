using System.Xml.Linq;
using Xunit.Sdk;

namespace StarKV.Cli.Tests.Screens;

public sealed class SnapshotTests
{
    [Fact]
    public void Another_output_fails_with_the_lines_that_differ()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Snapshot.Variable) == "1", "snapshots are being written");
        var recorded = File.ReadAllText(Path.Combine(Snapshot.Folder, "methods.txt"));
        var lines = recorded.Split('\n');
        lines[1] += "!";

        Snapshot.Check("methods.txt", recorded + "  ");
        var failure = Assert.Throws<FailException>(() => Snapshot.Check("methods.txt", string.Join('\n', lines)));
        Assert.Contains("Snapshots/methods.txt", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"\n- {recorded.Split('\n')[1]}\n+ {lines[1]}\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("STARKV_UPDATE_DOCS=1", Assert.Throws<TrueException>(() => Snapshot.Check("none.txt", "x")).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Snapshot.Folder, "none.txt")));
    }

    [Theory]
    [InlineData("a\nb\nc", "a\nb\nc", "")]
    [InlineData("a\nb\nc", "a\nx\nc", "  a\n- b\n+ x\n  c")]
    [InlineData("a\nb", "a\nb\nc", "  a\n  b\n+ c")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\n5\n6\n7\n9", "…\n  6\n  7\n- 8\n  9")]
    [InlineData("a\n1\n2\n3\n4\n5\nb", "A\n1\n2\n3\n4\n5\nB", "- a\n+ A\n  1\n  2\n…\n  4\n  5\n- b\n+ B")]
    public void A_difference_shows_changed_lines_and_two_around_them(string expected, string actual, string difference) =>
        Assert.Equal(difference, LineDifference.Of(expected, actual));

    [Fact]
    public void A_page_is_read_by_its_blocks()
    {
        var page = XElement.Parse(
            """
            <main><h1>One&#160;two</h1><p class="lead wide">A <b>bold</b>
            word</p><table><tr><th>a</th><td>1<svg aria-label="bar"><path d="M0 0"/></svg></td></tr></table>
            <figure><img alt="screen" src="data:image/png;base64,AAAA"/><figcaption>Below</figcaption></figure><script>x</script></main>
            """);

        Assert.Equal(
            """
            main
              h1: One two
              p.lead.wide: A bold word
              table
                tr: a | 1
                  svg: bar
              figure
                img: screen
                figcaption: Below

            """.ReplaceLineEndings("\n"), PageOutline.Of(page));
    }
}
