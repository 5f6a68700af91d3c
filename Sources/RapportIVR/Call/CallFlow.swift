import Foundation
import RapportChannels
import RapportCore

/// Goes through a menu: decides what an input means and what a caller hears next. Pure.
struct CallFlow: Sendable {
    let menu: Menu

    /// Who is calling, as far as the hub knows.
    struct Caller: Hashable, Sendable {
        var isKnown = false
        var language: String?
        var owner: String?
        /// Of the call: `called`, `country`, …
        var attributes: [String: String] = [:]
    }

    enum Input: Hashable, Sendable {
        case digits(String)
        case speech(String)
        case nothing
    }

    /// What an input does, and where it leads.
    struct Outcome: Hashable, Sendable {
        /// `nil`: the call ends.
        var next: CallState?
        var choice: Menu.Choice?
    }

    /// A node that the menu no longer has starts over: the file may have changed during the call.
    func outcome(of input: Input, at state: CallState) -> Outcome {
        guard state.step < CallState.stepLimit else { return Outcome() }
        func to(_ node: String, tries: Int = 1, language: String? = nil) -> CallState {
            CallState(
                node: node, step: state.step + 1, tries: tries, language: language ?? state.language,
                isFirstContact: state.isFirstContact)
        }
        switch menu.nodes[state.node]?.then {
        case .gather(let gather):
            if let choice = gather.choice(for: input) {
                return Outcome(next: to(choice.goto, language: choice.language), choice: choice)
            }
            if state.tries < gather.tries { return Outcome(next: to(state.node, tries: state.tries + 1)) }
            return Outcome(next: gather.otherwise.map { to($0) })
        case .record(let record): return Outcome(next: to(record.goto))
        case nil: return Outcome(next: to(menu.start))
        case .goto, .branch, .hangUp: return Outcome(next: to(state.node))
        }
    }

    /// Everything that is said from a node on until the caller is asked something.
    func step(at start: CallState, caller: Caller) -> CallStep {
        var state = start
        var said: [CallStep.Prompt] = []
        let language = state.language ?? caller.language
        // The file was checked for rounds; the bound holds for menus that were made otherwise.
        for _ in 0...menu.nodes.count {
            guard let node = menu.nodes[state.node] else { break }
            if let prompt = prompt(node.say, language: language, caller: caller) { said.append(prompt) }
            switch node.then {
            case .gather(let gather):
                return CallStep(
                    said: said, then: .gather(gather), state: state, language: spoken(language, in: node.say))
            case .record(let record):
                return CallStep(said: said, then: .record(record), state: state, language: nil)
            case .hangUp: return CallStep(said: said, then: .hangUp, state: state, language: nil)
            case .goto(let next): state.node = next
            case .branch(let branches, let otherwise):
                state.node =
                    branches.first { holds($0.when, language: language, caller: caller) }?.goto ?? otherwise
            }
        }
        return CallStep(said: said, then: .hangUp, state: state, language: nil)
    }

    private func holds(_ condition: Menu.Condition, language: String?, caller: Caller) -> Bool {
        switch condition {
        case .known(let wanted): caller.isKnown == wanted
        case .hasOwner(let wanted): (caller.owner != nil) == wanted
        case .language(let tag): Self.matches(language ?? menu.language, tag)
        case .attribute(let name, let value): caller.attributes[name] == value
        }
    }

    private func prompt(_ say: [String: String], language: String?, caller: Caller) -> CallStep.Prompt? {
        guard !say.isEmpty else { return nil }
        let tag = spoken(language, in: say)
        guard let text = say[tag] else { return nil }
        let owner = caller.owner ?? menu.nobody[tag] ?? menu.nobody[menu.language] ?? ""
        let filled = text.replacing(/\{\{ *owner *\}\}/, with: owner)
        return CallStep.Prompt(language: tag, text: filled, voice: menu.voices[tag])
    }

    /// The language itself, one that shares its first part, or the menu's.
    private func spoken(_ language: String?, in say: [String: String]) -> String {
        guard let language else { return menu.language }
        if say[language] != nil { return language }
        return say.keys.sorted().first { Self.matches($0, language) || Self.matches(language, $0) } ?? menu.language
    }

    /// `zh-TW` matches `zh`, whatever the case.
    private static func matches(_ tag: String, _ range: String) -> Bool {
        let tag = tag.lowercased()
        let range = range.lowercased()
        return tag == range || tag.hasPrefix(range + "-")
    }
}

extension Menu.Gather {
    /// What the input chooses; `nil` when nothing was chosen.
    func choice(for input: CallFlow.Input) -> Menu.Choice? {
        switch input {
        case .nothing: return nil
        case .digits(let digits): return keys[digits] ?? (digits.isEmpty ? nil : any)
        case .speech(let text):
            let heard = FoldedText(text)
            let phrase = words.keys.sorted { ($1.count, $0) < ($0.count, $1) }.first { phrase in
                let folded = FoldedText(phrase)
                return !heard.positions(of: folded.words).isEmpty
                    || (!folded.joined.isEmpty && !folded.joined.utf8.allSatisfy { $0 < 128 }
                        && heard.joined.contains(folded.joined))
            }
            return phrase.flatMap { words[$0] }
        }
    }
}
