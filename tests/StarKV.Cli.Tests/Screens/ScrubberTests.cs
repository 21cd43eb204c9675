namespace StarKV.Cli.Tests.Screens;

public sealed class ScrubberTests
{
    [Theory]
    [InlineData("prefill 1,234 ms, 0.5 s and 3 min", "prefill {time}, {time} and {time}")]
    [InlineData("12\u00A0ms", "{time}")]
    [InlineData("5 seconds, 12 msg, a1 s, 1.5x", "5 seconds, 12 msg, a1 s, 1.5x")]
    public void Times_have_no_number(string output, string scrubbed) => Assert.Equal(scrubbed, new Scrubber().Times().Of(output));

    [Theory]
    [InlineData("1.25 GiB of 640 KiB, 12 B", "{size} of {size}, {size}")]
    [InlineData("12 Bytes", "12 Bytes")]
    public void Sizes_have_no_number(string output, string scrubbed) => Assert.Equal(scrubbed, new Scrubber().Sizes().Of(output));

    [Theory]
    [InlineData("0.1.0+8961d09 on .NET 10.0.1 and 2.10", "{version} on .NET {version} and 2.10")]
    [InlineData("4.154.0.0, 1.0.0-rc.1", "{version}, {version}")]
    public void Versions_are_those_of_three_numbers(string output, string scrubbed) => Assert.Equal(scrubbed, new Scrubber().Versions().Of(output));

    [Fact]
    public void The_longest_path_is_replaced_first()
    {
        var scrubber = new Scrubber().Text("/tmp/a", "folder").Text("/tmp/a/model", "model");
        Assert.Equal("{model}/config.json in {folder}, {repository}/src", scrubber.Of($"/tmp/a/model/config.json in /tmp/a, {RepositoryFiles.Path("src")}"));
    }

    [Fact]
    public void A_pattern_keeps_what_is_in_front() =>
        Assert.Equal("system: {system}\nb: 2", new Scrubber().Pattern(@"^(?<keep>system: ).*$", "system").Of("system: Debian, 2 cores\nb: 2"));

    [Fact]
    public void Columns_do_not_move_with_what_is_replaced()
    {
        var scrubber = new Scrubber().Times();
        Assert.Equal(scrubber.Of("╭────────╮\n│ 5 ms   │\n│ 1.2 ms │"), scrubber.Of("╭──────────╮\n│ 5,000 ms │\n│ 1.2 ms   │"));
        Assert.Equal("    indented  {time}", scrubber.Of("    indented      5 ms"));
        Assert.Equal("    indented      text", scrubber.Of("    indented      text"));
    }
}
