using System.Globalization;
using StarKV.Act;

namespace DesktopAgent;

/// <summary>In place of a real desktop: shows recorded screenshots in turn, whatever is done, and says what it was told to do.</summary>
/// <param name="files">The screenshots' files, with <c>{0}</c> for their number from 0.</param>
/// <param name="screens">How many there are.</param>
internal sealed class RecordedDesktop(string files, int screens)
{
    private int _shown;

    /// <summary>The screen as it is now, as a PNG file; null when the recording is over.</summary>
    public byte[]? Screen() => _shown < screens ? File.ReadAllBytes(string.Format(CultureInfo.InvariantCulture, files, _shown)) : null;

    /// <summary>Does an action; here the next screenshot is what became of it.</summary>
    /// <param name="action">The action.</param>
    /// <param name="point">Where, in pixels of the screen; null for an action without a place.</param>
    public void Perform(GuiAction action, (int X, int Y)? point)
    {
        Console.WriteLine($"  {action.Name} at {point}");
        _shown++;
    }
}
