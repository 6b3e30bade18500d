export const owner = { name: 'Ana Souza', email: 'ana@example.com', password: 'uma senha boa' };
