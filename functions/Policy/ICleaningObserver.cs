namespace Collector.Policy;

/// <summary>Is told what the rules make of an event's fields. It only looks on: the result does not depend on it.</summary>
internal interface ICleaningObserver
{
    /// <summary>A rule has looked at a value that was sent.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="entry">The index of the list entry that holds the value, from 0; null outside a list.</param>
    /// <param name="sent">The value's place in the request's bytes.</param>
    /// <param name="clean">What is kept of it; empty when it is removed.</param>
    /// <param name="allowed">False when the session's tier or the rule's condition removed it, whatever it says.</param>
    void Cleaned(FieldRule rule, int? entry, RawValue sent, CleanValue clean, bool allowed);

    /// <summary>
    /// A required field is missing or has the wrong shape: the entry that it belongs to is removed, or else the whole event dropped.
    /// </summary>
    void Missing(FieldRule rule, int? entry);
}
