using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Issues;

/// <summary>
/// <c>strip()</c> takes the four ASCII separators for blanks, <c>float()</c> and <c>int()</c> do not; ours read a number between them.
/// </summary>
public sealed class SeparatorsAroundPythonNumbers
{
    [Theory]
    [InlineData("\x1c5")]
    [InlineData("5\x1d")]
    [InlineData("\x1e\u0663")]
    [InlineData("\u00a05\x1f")]
    public void A_separator_beside_a_number_is_a_ValueError(string text)
    {
        Assert.Equal("ValueError", Assert.Throws<PythonException>(() => PyText.Float(text)).Name);
        Assert.Equal("ValueError", Assert.Throws<PythonException>(() => PyText.Int(text)).Name);
    }
}
