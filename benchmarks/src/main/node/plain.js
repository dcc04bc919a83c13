'use strict'

// The server that many people write by hand: node plain.js PORT. Paths: GET /events?channel=NAME, POST /publish?channel=NAME
const http = require('node:http')

const channels = new Map()

function readersOf(channel) {
  if (!channels.has(channel)) channels.set(channel, new Set())
  return channels.get(channel)
}

function stream(channel, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.write(':\n\n')
  const readers = readersOf(channel)
  readers.add(response)
  response.on('close', () => readers.delete(response))
}

function publish(channel, request, response) {
  let data = ''
  request.setEncoding('utf8')
  request.on('data', (piece) => { data += piece })
  request.on('end', () => {
    const event = `data: ${data}\n\n`
    for (const reader of readersOf(channel)) reader.write(event)
    response.writeHead(204)
    response.end()
  })
}

const server = http.createServer((request, response) => {
  const channel = request.url.slice(request.url.indexOf('=') + 1)
  if (request.method === 'GET') stream(channel, response)
  else publish(channel, request, response)
})
server.keepAliveTimeout = 0
server.requestTimeout = 0
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 })
