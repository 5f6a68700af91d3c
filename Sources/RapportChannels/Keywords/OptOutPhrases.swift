/// What pleas to be left alone have in common, by language. They only make a person look and pause marketing, so they
/// may err on the side of the customer.
enum OptOutPhrases {
    /// Words in a row, in languages that write spaces.
    static let spaced: [String] = [
        // English
        "stop texting", "stop messaging", "stop sending", "stop emailing", "stop mailing", "stop calling",
        "stop contacting", "stop bothering", "stop spamming", "stop harassing", "stop these", "stop this",
        "stop the texts", "stop the messages", "stop the emails", "stop all", "stop your", "stop with", "quit texting",
        "quit messaging", "quit sending", "quit calling", "please stop", "stop please", "pls stop", "make it stop",
        "remove me", "remove my number", "remove my email", "remove this number", "delete my number", "take me off",
        "lose my number", "unsubscribe me", "unsubscribe", "opt me out", "opt out", "optout", "dont text me",
        "do not text", "dont text", "dont message", "do not message", "dont contact", "do not contact", "dont call",
        "do not call", "dont send me", "do not send me", "dont email", "do not email", "no more texts",
        "no more messages", "no more emails", "no more sms", "no more calls", "leave me alone", "wrong number",
        "dont want these", "dont want your", "dont want any more", "no longer want to receive", "off your list",
        "off the list", "off this list",
        // French
        "ne m'envoyez plus", "n'envoyez plus", "ne m'envoie plus", "arrêtez de m'envoyer", "arrêtez de m'écrire",
        "arrêtez vos", "arrêtez les", "arrêtez de me", "cessez de", "désabonnez-moi", "me désabonner",
        "désinscrivez-moi", "me désinscrire", "retirez-moi", "supprimez-moi", "plus recevoir", "plus de messages",
        "plus de sms",
        "laissez-moi tranquille",
        // Spanish
        "no me envíen más", "no me envíe más", "no me manden más", "no me mande más", "no quiero recibir",
        "no deseo recibir", "dejen de enviar", "deje de enviar", "dejen de mandar", "dejen de escribir", "dame de baja",
        "darme de baja", "denme de baja", "bórrenme", "quítenme",
        // German
        "keine SMS mehr", "keine Nachrichten mehr", "keine Mails mehr", "keine E-Mails mehr", "keine Werbung",
        "nicht mehr schreiben", "nicht mehr kontaktieren", "nicht mehr anschreiben", "hören Sie auf", "hör auf",
        "bitte abmelden", "melden Sie mich ab", "aus dem Verteiler", "von der Liste", "lassen Sie mich in Ruhe",
        // Portuguese and Italian
        "não me mande", "não me envie", "não quero receber", "parem de", "pare de", "me descadastre",
        "non mandatemi più", "non inviatemi più", "smettete di", "cancellatemi", "non voglio ricevere",
    ]

    /// Characters in a row, in scripts without spaces.
    static let joined: [String] = [
        "别再发", "不要再发", "别发了", "不要发了", "请勿再发", "勿再发", "停止发送", "别给我发", "不要给我发", "别再给我发", "不要再给我发",
        "不想收到", "不想再收到", "别再打", "不要再打", "别打了", "别骚扰", "不要骚扰", "别烦我", "取消订阅", "退订", "拒收", "拉黑", "把我删", "删除我的",
        "将我移除", "把我移除", "请停止", "停止短信", "停止推送", "别推送", "不要推送", "別再發", "不要再發", "別發了", "不要發了", "請勿再發", "停止發送", "別給我發",
        "不要給我發", "別再打", "別騷擾", "不要騷擾",
        "取消訂閱", "退訂", "刪除我的", "把我刪", "配信停止", "配信を停止", "送らないで", "送信しないで", "連絡しないで", "수신거부", "그만보내",
    ]

    /// Said right before a phrase, these turn it round: `don't stop sending`, `不要退订`. Written as folded.
    static let negations: Set<String> = [
        "dont", "not", "never", "cant", "cannot", "wont", "didnt", "doesnt", "couldnt", "shouldnt", "ne", "pas", "no",
        "nicht", "nao", "non",
    ]
    static let joinedNegations: [String] = ["不", "别", "没", "勿", "別", "沒", "不要", "不想", "不会", "不會", "不用", "没有"]

    /// A keyword among nothing but these is a plea: `STOP please`, `now stop it`.
    static let courtesies: Set<String> = [
        "please", "pls", "plz", "now", "thanks", "thank", "you", "thx", "it", "ok", "okay", "just", "already", "all",
        "texts", "messages", "msgs", "sms", "emails", "texting", "me", "immediately", "today", "hi", "hello", "sir",
        "请", "谢谢", "謝謝", "svp", "merci", "bitte", "danke", "por", "favor", "gracias", "stop",
    ]
}
