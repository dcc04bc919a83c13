Turbo.connectStreamSource(eventSourceOf(openStream(document.body.dataset.stream)));
