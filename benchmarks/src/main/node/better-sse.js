'use strict'

// A server with better-sse: node better-sse.js PORT. Paths: GET /events?channel=NAME, POST /publish?channel=NAME
const http = require('node:http')
const { createChannel, createSession } = require('better-sse')

const channels = new Map()

function channelOf(name) {
  if (!channels.has(name)) channels.set(name, createChannel())
  return channels.get(name)
}

// the data is text already, so it needs no serializer
const options = { serializer: (data) => data, keepAlive: 20000 }

function publish(channel, request, response) {
  let data = ''
  request.setEncoding('utf8')
  request.on('data', (piece) => { data += piece })
  request.on('end', () => {
    channel.broadcast(data)
    response.writeHead(204)
    response.end()
  })
}

const server = http.createServer(async (request, response) => {
  const channel = channelOf(request.url.slice(request.url.indexOf('=') + 1))
  if (request.method === 'GET') channel.register(await createSession(request, response, options))
  else publish(channel, request, response)
})
server.keepAliveTimeout = 0
server.requestTimeout = 0
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 })
