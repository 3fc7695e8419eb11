namespace Fuzz;

/// <summary>Something that takes input of any kind.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Case">Makes one input and tries it; throws when what comes of it is wrong.</param>
internal sealed record FuzzTarget(string Name, Action<Random> Case);

/// <summary>What is wrong with a case.</summary>
internal sealed class FindingException(string message) : Exception(message)
{
    /// <summary>Throws unless <paramref name="holds"/>.</summary>
    public static void Unless(bool holds, Func<string> message)
    {
        if (!holds) throw new FindingException(message());
    }
}
