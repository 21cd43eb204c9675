using StarKV.Reports.Markup;

namespace StarKV.Tests.Reports.Markup;

public sealed class HtmlTests
{
    [Fact]
    public void What_stands_between_braces_is_escaped() => Assert.Equal(
        "<p title=\"&lt;b&gt; &amp; &quot;q&quot; &#39;s&#39;\">&lt;script&gt;</p>",
        Html.Of($"<p title=\"{"<b> & \"q\" 's'"}\">{"<script>"}</p>").Markup);

    [Fact]
    public void Pieces_of_html_are_not_escaped_twice() => Assert.Equal(
        "<ul><li>a &amp; b</li><li>c</li></ul>",
        Html.Of($"<ul>{new[] { "a & b", "c" }.Select(t => Html.Of($"<li>{t}</li>"))}</ul>").Markup);

    [Fact]
    public void Numbers_take_their_format() => Assert.Equal("1.5 1,234 7", Html.Of($"{1.5} {1234:N0} {7}").Markup);
}
