namespace StarKV.Score;

/// <summary>How a token's place on the screen is found for STaR-KV's prior.</summary>
public enum ScreenGrid
{
    /// <summary>From the frame's true rows and columns.</summary>
    True,

    /// <summary>From a nearly square grid of as many cells, whatever the screen's shape: what the released programs do.</summary>
    Square,
}
