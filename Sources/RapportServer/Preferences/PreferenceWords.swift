import RapportCore
import RapportHub

/// What the preference page says, in one language.
struct PreferenceWords: Sendable {
    var title: String
    /// Stands above the choices and is kept as part of the proof.
    var intro: String
    var noTopics: String
    var pauseTitle: String
    /// Before the date.
    var pausedUntil: String
    var keepPause: String
    var noPause: String
    var endPause: String
    /// By months.
    var pauses: [Int: String]
    var save: String
    var saved: String
    var nothingTitle: String
    var nothing: String
    var nothingNote: String
    var channels: [Channel: String]
    /// After a channel's name: the customer asked for a stop, with what takes it back.
    var stopped: String
    /// After a channel's name: the address can't be used.
    var unreachable: String
    var confirmTitle: String
    /// Stands above what waits for a confirmation and is kept as part of the proof.
    var confirmNote: String
    var confirm: String
    /// After a channel's name: the yes doesn't count yet.
    var unconfirmed: String

    func name(of channel: Channel) -> String { channels[channel] ?? channel.rawValue }

    /// `Offers – Email`
    func wish(_ row: PreferenceDesk.Row, _ channel: Channel) -> String { "\(row.title) – \(name(of: channel))" }

    static func of(_ language: PageLanguage) -> PreferenceWords {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }

    private static let english = PreferenceWords(
        title: "What may we write to you about?",
        intro: "Tick what you would like to receive, and how. Everything else stays away.",
        noTopics: "There is nothing to choose here at the moment.",
        pauseTitle: "A rest", pausedUntil: "You hear nothing from us before", keepPause: "Leave it like that",
        noPause: "No rest", endPause: "End the rest now",
        pauses: [1: "Nothing for 1 month", 3: "Nothing for 3 months", 6: "Nothing for 6 months"], save: "Save",
        saved: "Saved. Thank you.", nothingTitle: "Nothing at all?", nothing: "Send me nothing at all",
        nothingNote: "Answers to your own questions and orders still reach you.",
        channels: [.email: "Email", .sms: "Text message", .webhook: "Online service", .ivr: "Telephone"],
        stopped:
            "you asked us to stop, so nothing comes. To hear from us again, text START to the number that wrote to you.",
        unreachable:
            "messages to your address came back or were refused, so nothing comes. Please tell us a good address.",
        confirmTitle: "Please confirm",
        confirmNote:
            "We were asked to send you this, where you got the link to this page. It comes only after you have confirmed it. "
            + "If it wasn’t you who asked, do nothing.",
        confirm: "Yes, send me this", unconfirmed: "(not confirmed yet)")

    private static let chinese = PreferenceWords(
        title: "您希望收到哪些信息？", intro: "请勾选您愿意接收的内容和方式，其余的我们不会发送。",
        noTopics: "目前没有可以选择的内容。", pauseTitle: "暂停", pausedUntil: "在此日期之前我们不会打扰您：",
        keepPause: "保持不变", noPause: "不暂停", endPause: "立即结束暂停",
        pauses: [1: "暂停 1 个月", 3: "暂停 3 个月", 6: "暂停 6 个月"], save: "保存", saved: "已保存，谢谢。",
        nothingTitle: "什么都不想收到？", nothing: "请不要再发送任何信息",
        nothingNote: "对您的咨询和订单的答复仍会送达。",
        channels: [.email: "邮件", .sms: "短信", .webhook: "在线服务", .ivr: "电话"],
        stopped: "您已要求停止，因此不会再收到信息。如需恢复，请向之前给您发信息的号码回复 START。",
        unreachable: "发往您地址的信息被退回或拒收，因此不会再收到信息。请告诉我们可用的地址。",
        confirmTitle: "请确认", confirmNote: "有人请我们向收到此页面链接的地址发送以下信息。只有在您确认之后才会发送。如果不是您本人提出的，请忽略。",
        confirm: "是的，请发送", unconfirmed: "（尚未确认）")
}
