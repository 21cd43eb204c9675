using System.Globalization;
using System.Runtime.CompilerServices;

namespace StarKV.Tests;

/// <summary>A culture in which nothing is written as in English, made without ICU: <c>1.234,5</c> and another minus sign.</summary>
/// <remarks>With <c>STARKV_TEST_CULTURE=other</c> in the environment all tests run in it; <c>.ci/run</c> does that once.</remarks>
internal static class CultureOfTests
{
    public static CultureInfo Other()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var numbers = culture.NumberFormat;
        (numbers.NumberDecimalSeparator, numbers.PercentDecimalSeparator) = (",", ",");
        (numbers.NumberGroupSeparator, numbers.PercentGroupSeparator) = (".", ".");
        numbers.NegativeSign = "\u2212";
        (culture.DateTimeFormat.ShortDatePattern, culture.DateTimeFormat.TimeSeparator) = ("dd.MM.yyyy", ".");
        return culture;
    }

    [ModuleInitializer]
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable("STARKV_TEST_CULTURE") == "other")
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = Other();
    }
}
